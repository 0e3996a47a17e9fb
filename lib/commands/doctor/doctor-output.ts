import { z } from 'zod';

/** What a finding is about. */
export const DoctorArea = z.enum([
  'environment',
  'git',
  'project',
  'data',
  'store',
  'commands',
  'registry',
  'gate',
  'workflows',
]);
export type DoctorArea = z.infer<typeof DoctorArea>;

/** One thing that was looked at. */
export const Finding = z.strictObject({
  area: DoctorArea,
  /** Which of the area: a program, a dataset, a model, a workflow's file. */
  subject: z.string(),
  status: z.enum(['ok', 'warn', 'fail']),
  /** One line. */
  says: z.string(),
  /** One line that says what to do; there unless all is well. */
  fix: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

/** What `doctor --json` prints. */
export const DoctorOutput = z.strictObject({
  schema: z.literal('assay/doctor/1'),
  /** The worst of the findings. */
  status: z.enum(['ok', 'warn', 'fail']),
  findings: z.array(Finding),
});
export type DoctorOutput = z.infer<typeof DoctorOutput>;
