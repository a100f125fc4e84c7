interface SparklineProps {
  /** What is plotted, with its latest value. */
  label: string;
  values: readonly number[];
  /** The number of values that fill the width. */
  length: number;
  tone?: 'normal' | 'warning';
}

const widthPx = 240;
const heightPx = 44;

/** A line over the last minute, the newest value on the right. */
export function Sparkline({ label, values, length, tone = 'normal' }: SparklineProps) {
  const most = Math.max(1, ...values);
  const stepPx = widthPx / Math.max(1, length - 1);
  const startPx = widthPx - (values.length - 1) * stepPx;
  const points = values.map((value, index) => `${(startPx + index * stepPx).toFixed(1)},${(heightPx - 2 - (value / most) * (heightPx - 4)).toFixed(1)}`);
  return (
    <svg class={`sparkline sparkline--${tone}`} viewBox={`0 0 ${widthPx} ${heightPx}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <line x1="0" x2={widthPx} y1={heightPx - 1} y2={heightPx - 1} class="sparkline__base" />
      {points.length > 1 ? <polyline points={points.join(' ')} vector-effect="non-scaling-stroke" /> : null}
    </svg>
  );
}
