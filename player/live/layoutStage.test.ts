import { describe, expect, it } from 'vitest';
import { layoutStage } from './layoutStage.ts';
import type { Box, Size, StageLayout } from './layoutStage.ts';

const screen = { width: 1600, height: 900 };
const camera = { width: 640, height: 480 };

function boxes(stage: Size, more: Partial<StageLayout> = {}) {
  return layoutStage({ stage, main: screen, second: camera, arrangement: 'inset', ...more });
}

const overlaps = (a: Box, b: Box) => a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

describe('the layout of the stage', () => {
  const stages: Size[] = [{ width: 1600, height: 900 }, { width: 1060, height: 830 }, { width: 2000, height: 900 }, { width: 390, height: 219 }, { width: 844, height: 390 }, { width: 390, height: 700 }];
  const shapes: Size[] = [screen, camera, { width: 480, height: 640 }, { width: 1280, height: 800 }];
  const all = stages.flatMap((stage) => shapes.flatMap((main) => shapes.flatMap((second) => (['inset', 'side'] as const).map((arrangement) => ({ stage, main, second, arrangement })))));

  it.each(all)('keeps both shapes and stays on the stage: $stage.width × $stage.height, $main.width × $main.height, $second.width × $second.height, $arrangement', (layout) => {
    const { main, second, isBeside } = layoutStage(layout);
    if (!second) throw new Error('expected a second video');
    for (const [box, shape] of [[main, layout.main], [second, layout.second]] as const) {
      expect(box.width / box.height).toBeCloseTo(shape.width / shape.height, 5);
      expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(-1e-6);
      expect(box.left + box.width).toBeLessThanOrEqual(layout.stage.width + 1e-6);
      expect(box.top + box.height).toBeLessThanOrEqual(layout.stage.height + 1e-6);
    }
    if (isBeside) expect(overlaps(main, second)).toBe(false);
    else expect(second.top).toBeGreaterThan(main.top + main.height / 3);
  });

  it('uses the strip beside a slide, or above it, for the camera', () => {
    const wide = boxes({ width: 2000, height: 900 });
    expect([wide.isBeside, wide.main.left, (wide.second?.left ?? 0) >= wide.main.width]).toEqual([true, 0, true]);
    const tall = boxes({ width: 1060, height: 830 });
    expect([tall.isBeside, Math.round(tall.main.top + tall.main.height)]).toEqual([true, 830]);
    expect((tall.second?.top ?? 0) + (tall.second?.height ?? 0)).toBeLessThan(tall.main.top);
  });

  it('puts the camera in the bottom corner of a slide that fills the stage, not over its title', () => {
    const { second, isBeside } = boxes({ width: 1600, height: 900 });
    expect(isBeside).toBe(false);
    expect(second?.top).toBeGreaterThan(450);
  });

  it('puts videos side by side on a wide stage, and one above the other on a tall one', () => {
    const wide = boxes({ width: 1600, height: 900 }, { arrangement: 'side' });
    expect(wide.main.width).toBeLessThanOrEqual(800);
    const tall = boxes({ width: 390, height: 700 }, { arrangement: 'side' });
    expect([tall.main.width, tall.second?.top]).toEqual([390, expect.any(Number)]);
    expect(tall.second?.top).toBeGreaterThan(tall.main.top + tall.main.height);
  });

  it('centres a single video', () => {
    expect(boxes({ width: 900, height: 900 }, { second: undefined })).toEqual({ main: { left: 0, top: 196.875, width: 900, height: 506.25 }, second: undefined, isBeside: false });
  });
});
