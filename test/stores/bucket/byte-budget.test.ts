import { expect, test } from 'vitest';
import { createByteBudget } from '../../../lib/stores/bucket/byte-budget.ts';

const turn = () => new Promise<void>((next) => setImmediate(next));

test('never more bytes than the budget, and everybody gets a turn in order', async () => {
  const budget = createByteBudget(10);
  let held = 0;
  let most = 0;
  const order: number[] = [];
  const sizes = [4, 4, 4, 10, 1, 25, 3];
  await Promise.all(
    sizes.map((bytes, i) =>
      budget.holding(bytes, async () => {
        order.push(i);
        held += Math.min(bytes, 10);
        most = Math.max(most, held);
        await turn();
        held -= Math.min(bytes, 10);
      }),
    ),
  );
  expect(most).toBeLessThanOrEqual(10);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('what failed gives back what it held', async () => {
  const budget = createByteBudget(1);
  const failed = budget.holding(1, async () => {
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect(await budget.holding(1, async () => 'yes')).toBe('yes');
});
