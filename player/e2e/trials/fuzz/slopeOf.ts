/** The slope of the least-squares line through values that were measured one step apart. */
export function slopeOf(values: readonly number[]): number {
  const meanStep = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = values.reduce((sum, value, step) => sum + (step - meanStep) * (value - mean), 0);
  const variance = values.reduce((sum, _value, step) => sum + (step - meanStep) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}
