/** A user's training step in plain Node: it "learns" the weights that its parameters name, and counts its rows. */
export const TRAIN = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const spec = JSON.parse(readFileSync(process.env.ASSAY_SPEC, 'utf8'));
const rows = readFileSync(spec.data, 'utf8').trim().split('\\n').length - 1;
const { x = 0, z = 0 } = spec.parameters;
mkdirSync(spec.output, { recursive: true });
writeFileSync(join(spec.output, 'model.json'), JSON.stringify({ x, z, seed: spec.seed }));
writeFileSync(join(spec.output, 'metrics.json'), JSON.stringify({ rows, nested: { x } }));
console.log('trained on ' + rows + ' rows');
`;

/** A user's predict step: logistic scores by the weights of the model. \`edit\` changes its last line's score. */
export function predict(score = '1 / (1 + Math.exp(-(model.x * x + model.z * z)))'): string {
  return `import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const spec = JSON.parse(readFileSync(process.env.ASSAY_SPEC, 'utf8'));
const model = JSON.parse(readFileSync(join(spec.artifact, 'model.json'), 'utf8'));
const [head, ...lines] = readFileSync(spec.data, 'utf8').trim().split('\\n').map((line) => line.split(','));
const at = Object.fromEntries(head.map((name, index) => [name, index]));
const out = lines.map((cells) => {
  const [x, z] = [Number(cells[at.x]), Number(cells[at.z])];
  return cells[at.id] + ',' + (${score});
});
writeFileSync(spec.output, ['id,score', ...out].join('\\n') + '\\n');
`;
}
