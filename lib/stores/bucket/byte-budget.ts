/** Lets work wait until enough of a fixed number of bytes is free: so memory stays bounded whatever is transferred. */
export interface ByteBudget {
  /**
   * Runs `work` with `bytes` taken from the budget. First come, first served, so that a large piece is not starved by
   * small ones. More than the whole budget is let through alone.
   */
  holding<T>(bytes: number, work: () => Promise<T>): Promise<T>;
}

/** @param total bytes */
export function createByteBudget(total: number): ByteBudget {
  let free = total;
  const waiting: { readonly bytes: number; readonly go: () => void }[] = [];

  function admit(): void {
    for (let next = waiting[0]; next !== undefined && next.bytes <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.bytes;
      next.go();
    }
  }
  return {
    async holding(bytes, work) {
      const taken = Math.min(bytes, total);
      await new Promise<void>((go) => {
        waiting.push({ bytes: taken, go });
        admit();
      });
      try {
        return await work();
      } finally {
        free += taken;
        admit();
      }
    },
  };
}
