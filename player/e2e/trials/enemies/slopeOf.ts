/** The slope of the line of least squares through values that were measured one step apart. */
export function slopeOf(values: readonly number[]): number {
  const meanStep = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [above, below] = values.reduce(([top, bottom], value, step) => [top + (step - meanStep) * (value - mean), bottom + (step - meanStep) ** 2] as const, [0, 0] as const);
  return below === 0 ? 0 : above / below;
}
