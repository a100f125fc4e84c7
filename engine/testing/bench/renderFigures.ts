import { isOnTarget, valueOf } from './figures.ts';
import type { Figure } from './figures.ts';

/** A Markdown table with a row for each figure. */
export function renderFigures(figures: readonly Figure[]): string {
  const lines = figures.map((figure) => {
    const { group, name, note, samples } = figure;
    const cells = [`${group}: ${name}${note ? ` (${note})` : ''}`, quantity(valueOf(figure, 'median'), figure), quantity(valueOf(figure, 'p95'), figure), quantity(valueOf(figure, 'p99'), figure), String(samples.length), targetOf(figure), verdictOf(figure)];
    return `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |').replaceAll('|  |', '| |');
  });
  return ['| what | median | p95 | p99 | samples | target | |', '|---|---:|---:|---:|---:|---|---|', ...lines].join('\n');
}

function targetOf(figure: Figure): string {
  const { target } = figure;
  if (!target) return '';
  return `${target.of} ${target.is === 'atMost' ? '≤' : '≥'} ${quantity(target.limit, figure)}`;
}

function verdictOf(figure: Figure): string {
  const verdict = isOnTarget(figure);
  if (verdict === undefined) return '';
  return verdict ? 'meets' : '**misses**';
}

/** A bench is reproducible to three significant digits at best. */
function quantity(value: number, { unit }: Figure): string {
  const text = Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
  return `${text} ${unit}`;
}
