// Responsible for a small plot over time. Owns the uPlot chart in its element.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatTime } from '../text/format.ts';
import 'uplot/dist/uPlot.min.css';
import './plots.css';

export interface PlottedSeries {
  label: string;
  /** A custom property of a colour: `--color-accent`. */
  color: string;
  /** One for each time; null where nothing was measured. */
  values: readonly (number | null)[];
  format: (value: number) => string;
}

interface LinePlotProps {
  label: string;
  /** In ms since 1970, ascending. */
  timesMs: readonly number[];
  series: readonly PlottedSeries[];
  /** All series have the scale of the first one. */
  isSharedScale?: boolean;
  /** Labels of the times; the time of day when left out. */
  formatMs?: (ms: number) => string;
}

const heightPx = 160;

/** Lines over time. Each series has a scale of its own, from 0, unless it is shared. A screen reader reads the latest values. */
export function LinePlot({ label, timesMs, series, isSharedScale = false, formatMs = timeOfDay }: LinePlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const data = [timesMs.map((ms) => ms / 1000), ...series.map(({ values }) => [...values])] as uPlot.AlignedData;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const plot = new uPlot(optionsOf(element, { series, isSharedScale, formatMs }), data, element);
    chart.current = plot;
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [series.map(({ label: name }) => name).join()]);
  useEffect(() => chart.current?.setData(data), [timesMs.at(-1), timesMs.length]);

  const latest = series.map(({ label: name, values, format }) => `${name}: ${formatted(values.at(-1), format)}`).join(', ');
  return (
    <figure class="plot" role="img" aria-label={`${label}. ${latest}`}>
      <div ref={box} aria-hidden="true" />
    </figure>
  );
}

function formatted(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}

const timeOfDay = (ms: number) => formatTime(new Date(ms));

function optionsOf(element: HTMLElement, { series, isSharedScale, formatMs }: Required<Pick<LinePlotProps, 'series' | 'isSharedScale' | 'formatMs'>>): uPlot.Options {
  const styles = getComputedStyle(element);
  const colorOf = (name: string) => styles.getPropertyValue(name) || 'currentColor';
  // A canvas does not know `light-dark()`: the colour of the element is resolved.
  const resolve = (name: string) => {
    element.style.color = `var(${name})`;
    const { color } = getComputedStyle(element);
    element.style.color = '';
    return color || colorOf(name);
  };
  const [quiet, line] = [resolve('--color-text-quiet'), resolve('--color-line')];
  const axis = { stroke: quiet, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: `12px ${styles.fontFamily}` };
  const [first] = series;
  const scaleOf = (label: string) => (isSharedScale ? (first?.label ?? label) : label);
  return {
    width: element.clientWidth,
    height: heightPx,
    padding: [8, 20, 0, 0],
    scales: Object.fromEntries(series.map(({ label }) => [label, { range: (_: uPlot, __: number, max: number): uPlot.Range.MinMax => [0, Math.max(1, max * 1.1)] }])),
    axes: [{ ...axis, space: 70, values: (_: uPlot, seconds: number[]) => seconds.map((each) => formatMs(each * 1000)) }, ...(first ? [{ ...axis, scale: first.label, size: 64, values: (_: uPlot, values: number[]) => values.map((value) => (Number.isInteger(value) || value > 1000 ? first.format(value) : '')) }] : [])],
    series: [{ label: '', value: (_: uPlot, seconds: number | null) => (seconds === null ? '' : formatMs(seconds * 1000)) }, ...series.map(({ label, color, format }) => ({ label, scale: scaleOf(label), stroke: resolve(color), width: 2, spanGaps: false, value: (_: uPlot, value: number | null) => formatted(value, format) }))],
    cursor: { drag: { x: false, y: false } },
  };
}
