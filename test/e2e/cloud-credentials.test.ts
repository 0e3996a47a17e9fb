import { execFile, execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Certificate, selfSigned } from '../certificate.ts';
import { newFolder } from '../new-folder.ts';
import { AMAZON_CHAINS } from './fixtures/amazon-chains.ts';
import { AZURE_CHAINS } from './fixtures/azure-chains.ts';
import { bundleFolder } from './fixtures/bundle.ts';
import { CONTENT, isForBucket } from './fixtures/cloud-buckets.ts';
import { type CloudService, type CloudServices, startCloudServices } from './fixtures/cloud-services.ts';
import { type CredentialChain, isAsked, SECRET } from './fixtures/credential-chain.ts';
import { GOOGLE_CHAINS } from './fixtures/google-chains.ts';

/** Milliseconds: the bundle may have to be built first. */
const BUILD_TIMEOUT = 240_000;

// What the SDKs do by themselves is not ours to prove; that it still does it in the bundle, whose names are shortened and whose
// chunks come late, nothing else shows.
describe('the bundle finds out who asks by', () => {
  let certificate: Certificate;
  let clouds: CloudServices;
  let program: string;
  beforeAll(async () => {
    program = join(await bundleFolder(), 'dist', 'assay.js');
    certificate = selfSigned([
      ...['*.googleapis.com', '*.blob.core.windows.net', 'login.microsoftonline.com'],
      ...['sts.eu-central-1.amazonaws.com', '*.s3.eu-central-1.amazonaws.com'],
    ]);
    clouds = await startCloudServices(certificate);
  }, BUILD_TIMEOUT);
  afterAll(() => clouds?.stop());

  /** Pushes one object; `first` are services that answer before those of the chain. */
  async function push(chain: CredentialChain, ...first: readonly CloudService[]) {
    const home = await newFolder();
    const place = { home, plain: clouds.plain };
    const root = join(home, 'repository');
    await mkdir(join(root, '.dvc'), { recursive: true });
    execFileSync('git', ['init', '--quiet', '--template=', root], { env: { PATH: process.env.PATH, HOME: home } });
    const remote = ['[\'remote "team"\']', ...chain.remote(place).map((line) => `    ${line}`)];
    await writeFile(join(root, '.dvc', 'config'), `[core]\n    remote = team\n${remote.join('\n')}\n`);
    await writeFile(join(root, 'x'), CONTENT);
    await writeFile(join(home, 'ca.pem'), certificate.certificate);
    const env = {
      ...{ PATH: process.env.PATH, HOME: home, DVC_GLOBAL_CONFIG_DIR: home, DVC_SYSTEM_CONFIG_DIR: home },
      ...{ HTTPS_PROXY: clouds.proxy, NO_PROXY: '127.0.0.1', NODE_EXTRA_CA_CERTS: join(home, 'ca.pem') },
      ...(await chain.prepare(place)),
    };
    const data = (...args: string[]) =>
      new Promise<{ exitCode: number; output: string }>((done) => {
        execFile(process.execPath, [program, 'data', ...args], { cwd: root, env }, (error, stdout, stderr) =>
          done({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr }),
        );
      });
    const requests = clouds.answer([...first, ...chain.services]);
    await data('add', 'x');
    return { pushed: await data('push'), requests };
  }

  const chains: Readonly<Record<string, Readonly<Record<string, CredentialChain>>>> = {
    Google: GOOGLE_CHAINS,
    Azure: AZURE_CHAINS,
    Amazon: AMAZON_CHAINS,
  };
  const table = Object.entries(chains).flatMap(([cloud, ways]) =>
    Object.entries(ways).map(([way, chain]) => ({ cloud, way, chain })),
  );

  test.each(table)('$cloud: $way', async ({ chain }) => {
    const { pushed, requests } = await push(chain);
    expect(pushed).toEqual({ exitCode: 0, output: expect.stringContaining('1 object pushed') });
    for (const asked of chain.asked) expect(requests.filter((request) => isAsked(request, asked))).not.toEqual([]);
    // Buckets answer 403 to who does not bear the token; such an answer would have ended the push.
    expect(requests.filter(isForBucket).length).toBeGreaterThan(1);
    expect(pushed.output).not.toContain(SECRET);
  });

  const quoting = `quotes ${SECRET}`;
  test.each([
    {
      chain: GOOGLE_CHAINS['what gcloud auth application-default login leaves'],
      answer: { status: 400, body: { error: 'invalid_grant', error_description: quoting } },
      told: 'HTTP 400 invalid_grant',
    },
    {
      chain: AZURE_CHAINS['the secret of an application'],
      answer: { status: 401, body: { error: 'invalid_client', error_description: `AADSTS7000215: ${quoting}` } },
      told: 'AADSTS7000215',
    },
    {
      chain: AMAZON_CHAINS['the identity token of a web identity'],
      answer: {
        status: 403,
        body: `<ErrorResponse><Error><Code>AccessDenied</Code><Message>${quoting}</Message></Error></ErrorResponse>`,
      },
      told: 'HTTP 403 AccessDenied',
    },
  ])('and tells a refusal, $told, without what it quotes', async ({ chain, answer, told }) => {
    const { pushed, requests } = await push(chain, (request) => (isForBucket(request) ? undefined : answer));
    expect(pushed).toEqual({ exitCode: 3, output: expect.stringContaining('E_STORE_CREDENTIALS') });
    expect(pushed.output).toContain(told);
    expect(pushed.output).not.toContain(SECRET);
    expect(requests.filter(isForBucket)).toEqual([]);
  });
});
