import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { Context } from '../lib/commands/context.ts';
import { createContext } from '../lib/commands/create-context.ts';
import { containedPath } from '../lib/contained-path.ts';
import { readEvent, type WorkflowEvent } from '../lib/forge/event.ts';
import type { Log } from '../lib/ports.ts';
import { loadProject, type Project } from '../lib/project/project.ts';
import { untrustedLogLine } from '../lib/report/formats/untrusted-log.ts';
import type { ReportLinks } from '../lib/report/words/footer-words.ts';
import type { Environment } from '../lib/train/user-environment.ts';
import { actionsCache } from './actions-cache.ts';
import { gitCredentials } from './git-credentials.ts';
import { logText, optional } from './io.ts';
import { logProgress } from './log-progress.ts';
import { trustedWorkspace } from './trusted-workspace.ts';

/** What an action's body works with: the command's context, and what only a workflow run has. */
export interface ActionContext {
  readonly context: Context;
  /** The checked-out repository. */
  readonly workspace: string;
  readonly env: Environment;
  /** Folder for files that later steps or jobs take up; not in the repository. */
  readonly outputFolder: string;
  readonly links: ReportLinks;
  readonly project: () => Promise<Project>;
  readonly event: () => Promise<WorkflowEvent>;
}

/** Wires a command's context to the workflow run. Reads the environment; opens nothing. */
export async function actionContext(given: Environment, bundleFolder: string | undefined): Promise<ActionContext> {
  const workspace = optionalVariable(given, 'GITHUB_WORKSPACE') ?? process.cwd();
  const root = await containedPath(workspace, optional('project') ?? '.');
  const env = await trustedWorkspace(given, { workspace, folder: root, user: process.geteuid?.() });
  const token = optional('github-token');
  if (token !== undefined) core.setSecret(token);
  const forge = forgeOf(env, token);
  const log: Log = {
    info: (message) => core.info(untrustedLogLine(logText(message))),
    warning: (message) => core.warning(logText(message)),
    debug: (message) => core.debug(logText(message)),
    group: (title, body) => core.group(title, body),
  };
  const context = createContext({
    root,
    env,
    gitEnv: await gitCredentials({ env, folder: root, token }),
    log,
    progress: logProgress(log, () => performance.now()),
    userLine: (line) => core.info(`| ${untrustedLogLine(line)}`),
    defaultStore: 'ref',
    actor: actorOf(env),
    ...(forge === undefined ? {} : { forge }),
    wasmFolder: bundleFolder,
    nativeCache: actionsCache,
    resolveInstalled: (specifier) => import.meta.resolve(specifier),
  });
  return {
    context,
    workspace,
    env,
    // A folder for each step: two steps of one action must not overwrite what the other named as its output.
    outputFolder: join(
      optionalVariable(env, 'RUNNER_TEMP') ?? tmpdir(),
      'assay',
      (env.GITHUB_ACTION ?? '').replaceAll(/[^\w-]/g, '-'),
    ),
    links: linksOf(env),
    project: () => loadProject(root),
    event: () => readEvent(env.GITHUB_EVENT_NAME ?? '', env.GITHUB_EVENT_PATH ?? ''),
  };
}

/** A variable of the runner; one that is empty is not set. */
function optionalVariable(env: Environment, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

function forgeOf({ GITHUB_API_URL: apiUrl, GITHUB_REPOSITORY: repository }: Environment, token: string | undefined) {
  const [owner, name] = (repository ?? '').split('/');
  if (token === undefined || apiUrl === undefined || owner === undefined || name === undefined) return undefined;
  return { apiUrl, token, repository: { owner, name } };
}

/** Changes of the registry are made in the name of whoever started the run. */
function actorOf(env: Environment): { name: string; email: string } | undefined {
  const name = env.GITHUB_TRIGGERING_ACTOR ?? env.GITHUB_ACTOR;
  return name === undefined ? undefined : { name, email: `${name}@users.noreply.github.com` };
}

function linksOf({
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: repository,
  GITHUB_RUN_ID: run,
  GITHUB_SHA: sha,
}: Environment): ReportLinks {
  if (server === undefined || repository === undefined) return {};
  return {
    ...(run === undefined ? {} : { run: `${server}/${repository}/actions/runs/${run}` }),
    ...(sha === undefined ? {} : { commit: `${server}/${repository}/commit/${sha}` }),
  };
}
