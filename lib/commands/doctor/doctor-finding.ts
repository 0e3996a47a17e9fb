import { AssayError } from '../../errors.ts';
import type { DoctorArea, Finding } from './doctor-output.ts';

/** Makes the findings of one area. */
export interface Findings {
  ok(subject: string, says: string): Finding;
  warn(subject: string, says: string, fix: string): Finding;
  fail(subject: string, says: string, fix: string): Finding;
  /** What was thrown, as a finding; what is not from the catalogue is a defect of ours and thrown again. */
  thrown(subject: string, error: unknown, status?: 'warn' | 'fail'): Finding;
}

export function findingsOf(area: DoctorArea): Findings {
  return {
    ok: (subject, says) => ({ area, subject, status: 'ok', says }),
    warn: (subject, says, fix) => ({ area, subject, status: 'warn', says, fix }),
    fail: (subject, says, fix) => ({ area, subject, status: 'fail', says, fix }),
    thrown(subject, error, status = 'fail') {
      if (!(error instanceof AssayError)) throw error;
      return { area, subject, status, says: error.message, fix: error.fix };
    },
  };
}
