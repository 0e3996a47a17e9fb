import { assayError } from '../../errors.ts';
import { Decision } from '../../gate/decision.ts';
import type { HoldoutPlan } from '../../gate/holdout/holdout-plan.ts';
import { GateRules, MetricName } from '../../gate/rules.ts';
import { levelsOf, simulateGate } from '../../gate/simulate/simulate-gate.ts';
import { simulatedRule } from '../../gate/simulate/simulated-rule.ts';
import type { SimulatedRule, Simulation } from '../../gate/simulate/simulation.ts';
import { METRICS } from '../../metrics/metrics.ts';
import type { Task } from '../../model/signature.ts';
import type { ModelConfig } from '../../project/config.ts';
import { modelOf, type Project } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { readDocumentFile } from '../document-file.ts';
import { type PlanOptions, planOf } from './simulate-plan.ts';
import { holdoutSize, sizeOfOptions } from './simulate-size.ts';

export interface SimulateRequest extends PlanOptions {
  /** Folder that `from` is relative to. */
  readonly cwd: string;
  /** assay.yaml; not asked for when metrics are named or a decision is read. */
  readonly project: () => Promise<Project>;
  readonly model?: string | undefined;
  /** Rules in place of assay.yaml's: the primary metric, then guardrails. */
  readonly metrics: readonly string[];
  readonly margins: Readonly<Record<string, number>>;
  readonly require?: string | undefined;
  /** A decision file, whose standard errors are used. */
  readonly from?: string | undefined;
}

/** Rules, the task they are for, and where they stand. */
interface Subject {
  readonly rules: GateRules;
  readonly task: Task;
  readonly project?: { readonly project: Project; readonly name: string; readonly model: ModelConfig };
}

/**
 * The chance that a candidate passes the gate, for a range of true differences, before anything is trained: with the
 * standard errors of a decision, or on holdouts drawn with the size and clustering of the project's data or of options.
 * Reads the development half's labels and clusters only; nothing is looked at that counts.
 * Throws E_SIMULATE_*, E_HOLDOUT_EMPTY, E_DOCUMENT.
 */
export async function simulate(context: Context, request: SimulateRequest): Promise<Simulation> {
  if (request.from !== undefined) {
    return ofDecision(await readDocumentFile(request.cwd, request.from, Decision), request.from);
  }
  const asked = sizeOfOptions(request);
  const { rules, task, project } = await subjectOf(request);
  const size = asked ?? (project && (await holdoutSize(context, project.project, project.model, rules)));
  if (size === undefined) throw assayError('E_SIMULATE_SIZE', { missing: 'rows' });
  const { plan, holdout } = planOf(size, task, rules, request);
  const { draws, simulated, further } = simulateGate(withColumns(rules, plan), task, plan);
  return {
    schema: 'assay/simulation/1',
    ...(project === undefined ? {} : { model: project.name }),
    task,
    rules,
    levels: levelsOf(rules),
    holdout,
    draws,
    simulated,
    further,
    leftOut: leftOutOf(rules, plan, project !== undefined),
  };
}

/** The rules that are named, else those of assay.yaml, with what the options change in them. */
async function subjectOf({ metrics, margins, require, project, model }: SimulateRequest): Promise<Subject> {
  const changed = { ...(require === undefined ? {} : { require }) };
  const [primary, ...guardrails] = metrics;
  if (primary !== undefined) {
    const rules = rulesFrom({ primary, guardrails, margins, ...changed });
    return { rules, task: METRICS[rules.primary].task };
  }
  const loaded = await project();
  const named = modelOf(loaded, model);
  const { gate } = named.model;
  const rules = rulesFrom({ ...gate, margins: { ...gate.margins, ...margins }, ...changed });
  return { rules, task: named.model.task, project: { project: loaded, ...named } };
}

function rulesFrom(value: unknown): GateRules {
  const parsed = GateRules.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue?.path.map(String).join('.') ?? '';
  throw assayError('E_COMPARE_RULE', { key, reason: issue?.message ?? 'not allowed' });
}

/** The same from a comparison that was made: its standard errors say how much such models differ. */
function ofDecision(decision: Decision, file: string): Simulation {
  const { task, rules, comparisons, holdout } = decision;
  const levels = levelsOf(rules);
  const simulated = comparisons.flatMap((comparison): SimulatedRule[] => {
    const { metric, role, requirement, margin, interval, clusters } = comparison;
    const known = MetricName.safeParse(metric);
    if (!known.success || interval?.standardError === undefined) return [];
    if (role !== 'primary' && role !== 'guardrail') return [];
    if (requirement !== 'better' && requirement !== 'not-worse') return [];
    const { standardError, degreesOfFreedom = clusters - 1 } = interval;
    const evidence = { requirement, margin, standardError, degreesOfFreedom, clusters };
    return [simulatedRule({ metric: known.data, role, evidence, judged: 1 }, levels)];
  });
  if (simulated.length === 0) throw assayError('E_SIMULATE_DECISION', { file });
  const { rows, clusters, clusterUnit } = holdout;
  return {
    schema: 'assay/simulation/1',
    model: decision.model,
    task,
    rules,
    levels,
    holdout: { source: 'decision', rows, clusters, clusterUnit },
    draws: 0,
    simulated,
    further: [],
    leftOut: leftOutOf(rules, undefined, true),
  };
}

/** Slices and groups are of columns: only rows that were read have them. */
function withColumns(rules: GateRules, { given }: HoldoutPlan): GateRules {
  if (given !== undefined) return rules;
  const { fairness: _fairness, ...others } = rules;
  return { ...others, slices: [] };
}

/** Rules that can hold a candidate up and are not simulated, each with the reason. */
function leftOutOf(rules: GateRules, plan: HoldoutPlan | undefined, hasStage: boolean): string[] {
  const measured = plan === undefined;
  const noRows = measured ? 'the decision has their answers' : 'no rows were read that they could be found in';
  const parts: readonly (readonly [string, boolean])[] = [
    ['floors (the decision has their answers)', measured && Object.keys(rules.floors).length > 0],
    [`slices (${noRows})`, plan?.given === undefined && rules.slices.length > 0],
    [`fairness (${noRows})`, plan?.given === undefined && rules.fairness !== undefined],
    ['calibration (the decision has its answer)', measured && rules.calibration !== undefined],
    ['budgets (time and size are measured, not a matter of chance)', rules.budgets !== undefined],
    [
      'how much one training truly differs from the next (only seeds that were trained show it)',
      rules.seeds !== undefined,
    ],
    [
      'the creep guard (the holder is taken as the last version that was shown better)',
      hasStage && rules.creep !== false,
    ],
  ];
  return parts.filter(([, there]) => there).map(([name]) => name);
}
