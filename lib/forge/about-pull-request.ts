import { z } from 'zod';

/** Where a pull request comes from, as far as that is told; what cannot be read is told by nobody. */
const Origin = z
  .object({ head: z.object({ repo: z.object({ id: z.number() }) }) })
  .nullable()
  .catch(null);

/** What an event tells of the pull request that it is about: a review has it whole, a comment only that there is one. */
export const AboutPullRequest = z.object({
  pull_request: Origin.optional(),
  issue: z.object({ pull_request: Origin.optional() }).optional().catch(undefined),
});

/** Whether an event is about a pull request whose head is in another repository than `repositoryId`, or nobody says where. */
export function isOfFork(
  { pull_request: pull, issue }: z.infer<typeof AboutPullRequest>,
  repositoryId: number | undefined,
): boolean {
  const origin = pull === undefined ? issue?.pull_request : pull;
  return origin !== undefined && (origin === null || origin.head.repo.id !== repositoryId);
}
