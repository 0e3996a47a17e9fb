import { environment } from './entry.ts';

/** Errors of lib/native. */
export const nativeErrors = {
  E_NATIVE_INTEGRITY: environment((p: { package: string; from: string; expected: string; actual: string }) => ({
    message: `${p.package} from ${p.from} is not the locked package: expected ${p.expected}, found ${p.actual}`,
    fix: 'Do not use that registry or mirror before it is known why; nothing was unpacked.',
  })),
  E_NATIVE_UNREACHABLE: environment((p: { package: string; from: string; reason: string }) => ({
    message: `cannot get ${p.package} from ${p.from}: ${p.reason}`,
    fix: 'Set ASSAY_NPM_REGISTRY to an npm mirror this machine can reach, or to a folder that holds the tarballs of npm pack.',
  })),
  E_NATIVE_NO_REGISTRY: environment((p: { reason: string }) => ({
    message: `a package has to be fetched and npm does not say from where: ${p.reason}`,
    fix: 'Set ASSAY_NPM_REGISTRY to an npm registry this machine can reach, or to a folder that holds the tarballs of npm pack.',
  })),
  E_NATIVE_PLATFORM: environment((p: { package: string; platform: string; known: readonly string[] }) => ({
    message: `there is no locked ${p.package} for ${p.platform}`,
    fix: `Run on one of: ${p.known.join(', ')}; or install ${p.package} beside Assay.`,
  })),
  E_NATIVE_TARBALL: environment((p: { package: string; reason: string }) => ({
    message: `the tarball of ${p.package} cannot be unpacked: ${p.reason}`,
    fix: 'Check the space and the permissions of the tool cache (RUNNER_TOOL_CACHE).',
  })),
  E_NATIVE_LOAD: environment((p: { package: string; folder: string; reason: string }) => ({
    message: `${p.package} in ${p.folder} does not load: ${p.reason}`,
    fix: 'Remove that folder and run again; if it stays so, this machine lacks a system library that it needs.',
  })),
};
