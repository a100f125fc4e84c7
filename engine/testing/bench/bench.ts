import { Figure } from './figures.ts';
import { renderFigures } from './renderFigures.ts';

export interface BenchReport {
  figure(figure: Omit<Figure, 'group'>): void;
  /** Prints what is being measured. */
  say(sentence: string): void;
}

/**
 * The body of a `*.bench.ts` file, which is a program of its own. `npm run bench` runs all of them and collects their
 * figures over IPC; run alone, it prints them.
 */
export async function bench(group: string, measure: (report: BenchReport) => Promise<void>): Promise<void> {
  const found: Figure[] = [];
  await measure({
    figure: (figure) => {
      const whole = Figure.parse({ ...figure, group });
      found.push(whole);
      process.send?.(whole);
    },
    say: (sentence) => void process.stderr.write(`[${group}] ${sentence}\n`),
  });
  if (!process.send) process.stdout.write(`${renderFigures(found)}\n`);
  process.disconnect?.();
}
