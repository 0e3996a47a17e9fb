import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where `.ci/object-stores.ts` has put the servers: named by ASSAY_TEST_SERVERS, else in the cache folder of `.ci/run`.
 */
const FOLDER =
  process.env.ASSAY_TEST_SERVERS ??
  join(process.env.ASSAY_CACHE ?? join(homedir(), '.cache', 'assay-ci'), 'object-stores');

const PROGRAMS = {
  versitygw: join(FOLDER, 'bin', 'versitygw'),
  'fake-gcs-server': join(FOLDER, 'bin', 'fake-gcs-server'),
  azurite: join(FOLDER, 'node_modules', 'azurite', 'dist', 'src', 'blob', 'main.js'),
  moto: join(FOLDER, 'moto', 'bin', 'moto_server'),
  /** Its other backend keeps generations, and nothing beyond its end. */
  'fake-gcs-server in memory': join(FOLDER, 'bin', 'fake-gcs-server'),
};

export type ObjectServerName = keyof typeof PROGRAMS;

/** Why a server's tests cannot run; undefined where it is there. */
export function missingServer(name: ObjectServerName): string | undefined {
  return existsSync(PROGRAMS[name]) ? undefined : `${name} is not in ${FOLDER}; .ci/run installs it`;
}

export interface ObjectServer {
  readonly endpoint: string;
  /** The requests so far by the server's names of the operations; of versitygw alone. */
  readonly requests: () => Promise<ReadonlyMap<string, number>>;
  readonly stop: () => Promise<void>;
}

/** Made up: every server here is on loopback and lives as long as one test file. */
export const S3_KEYS = { accessKeyId: 'testaccess', secretAccessKey: 'testsecret123' };
/** Azurite's published development account (its documentation, "Default storage account"). */
export const AZURE_ACCOUNT = 'devstoreaccount1';
export const AZURE_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Milliseconds: Azurite and moto take seconds on a busy machine. */
const START_TIMEOUT_MS = 60_000;

/** Starts a server on a free port of loopback with an empty folder, and waits until it answers. */
export async function startObjectServer(name: ObjectServerName): Promise<ObjectServer> {
  const root = await mkdtemp(join(tmpdir(), `assay-${name.replaceAll(' ', '-')}-`));
  const port = await freePort();
  const log = join(root, 'access.log');
  for (const folder of ['data', 'versions']) await mkdir(join(root, folder));
  const [program, ...args] = commandOf(name, root, port, log);
  if (program === undefined) throw new Error(name);
  const child = spawn(program, args, {
    env: { ...process.env, ROOT_ACCESS_KEY: S3_KEYS.accessKeyId, ROOT_SECRET_KEY: S3_KEYS.secretAccessKey },
    stdio: 'ignore',
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(root, { recursive: true, force: true });
  };
  try {
    await answers(endpoint, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, requests: () => countOperations(log), stop };
}

function commandOf(name: ObjectServerName, root: string, port: number, log: string): string[] {
  const data = join(root, 'data');
  switch (name) {
    case 'versitygw':
      return [
        PROGRAMS.versitygw,
        ...['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', '--access-log', log],
        ...['posix', '--versioning-dir', join(root, 'versions'), data],
      ];
    case 'fake-gcs-server':
      return [
        PROGRAMS[name],
        ...['-scheme', 'http', '-host', '127.0.0.1', '-port', `${port}`, '-public-host', `127.0.0.1:${port}`],
        ...['-backend', 'filesystem', '-filesystem-root', data, '-log-level', 'error'],
      ];
    case 'fake-gcs-server in memory':
      return [
        PROGRAMS[name],
        ...['-scheme', 'http', '-host', '127.0.0.1', '-port', `${port}`, '-public-host', `127.0.0.1:${port}`],
        ...['-backend', 'memory', '-log-level', 'error'],
      ];
    case 'azurite':
      return [
        process.execPath,
        ...[PROGRAMS.azurite, '--blobHost', '127.0.0.1', '--blobPort', `${port}`, '--location', data],
        // The SDK asks for a newer version of the protocol than the emulator knows the name of.
        ...['--silent', '--disableTelemetry', '--skipApiVersionCheck'],
      ];
    case 'moto':
      return [PROGRAMS.moto, '-H', '127.0.0.1', '-p', `${port}`];
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answers(endpoint: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode} before it answered`);
    const answered = await fetch(endpoint).then(
      async (response) => {
        await response.body?.cancel();
        return true;
      },
      () => false,
    );
    if (answered) return;
    if (Date.now() > until) throw new Error(`no answer from ${endpoint}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** Counts the operations of versitygw's access log; they are its eighth field. */
async function countOperations(log: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const line of (await readFile(log, 'utf8').catch(() => '')).split('\n')) {
    const operation = /\bs3_\w+/.exec(line)?.[0].slice('s3_'.length);
    if (operation !== undefined) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  }
  return counts;
}
