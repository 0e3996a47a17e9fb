/** Decimal exponents from which Python's `repr` of a float switches to powers of ten. */
const SMALLEST_PLAIN = -4;
const FIRST_LARGE = 16;

/**
 * A float as Python writes it (`1.0`, `1e-05`, `1e+16`, `inf`): the same shortest digits as in JavaScript, another layout.
 * Source: CPython, `float_repr_style = 'short'`.
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < SMALLEST_PLAIN || exponent >= FIRST_LARGE) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const digits = mantissa.replace(/[-.]/g, '');
  const sign = value < 0 ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
