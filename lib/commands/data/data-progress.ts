import type { Progress } from '../../ports.ts';

/** Tells progress in bytes; what it is made of fits the options of lib/pointers. */
export interface ByteProgress {
  /** Bytes that are to come, on top of what was told before. */
  onTotal(bytes: number): void;
  onBytes(bytes: number): void;
  /** Clears the line. */
  end(): void;
}

export function byteProgress(progress: Progress, title: string): ByteProgress {
  let done = 0;
  let total = 0;
  const report = () => progress.report({ title, done, total, unit: 'bytes' });
  return {
    onTotal(bytes) {
      total += bytes;
    },
    onBytes(bytes) {
      done += bytes;
      // The end is told once, by `end`: a total that was too low must not clear the line on every piece.
      if (done < total) report();
    },
    end() {
      if (total === 0) return;
      done = total;
      report();
    },
  };
}

/** As `byteProgress`, in files. */
export interface FileProgress {
  onTotal(files: number): void;
  onFile(): void;
  end(): void;
}

export function fileProgress(progress: Progress, title: string): FileProgress {
  const { onTotal, onBytes, end } = byteProgress(
    { report: ({ unit, ...step }) => progress.report({ ...step, unit: 'files' }) },
    title,
  );
  return { onTotal, onFile: () => onBytes(1), end };
}
