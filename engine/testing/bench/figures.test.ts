import { describe, expect, it } from 'vitest';
import { isOnTarget, median, percentile } from './figures.ts';
import { renderFigures } from './renderFigures.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
const join = { group: 'join', name: 'browser', unit: 'ms', samples: hundred };

describe('the figures of a bench', () => {
  it('take percentiles by nearest rank', () => {
    expect(median(hundred)).toBe(50);
    expect(percentile(hundred, 0.95)).toBe(95);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('are compared with their target by its statistic', () => {
    expect(isOnTarget({ ...join, target: { of: 'p95', is: 'atMost', limit: 95 } })).toBe(true);
    expect(isOnTarget({ ...join, target: { of: 'p99', is: 'atMost', limit: 95 } })).toBe(false);
    expect(isOnTarget({ ...join, target: { of: 'median', is: 'atLeast', limit: 51 } })).toBe(false);
    expect(isOnTarget(join)).toBeUndefined();
  });

  it('are rendered as a table that marks missed targets', () => {
    const table = renderFigures([{ ...join, target: { of: 'p95', is: 'atMost', limit: 90 } }, { ...join, name: 'OBS' }]);
    expect(table).toContain('| join: browser | 50 ms | 95 ms | 99 ms | 100 | p95 ≤ 90 ms | **misses** |');
    expect(table).toContain('| join: OBS | 50 ms | 95 ms | 99 ms | 100 | | |');
  });
});
