import { expect, it } from 'vitest';
import { pdfProblemOf } from './PdfProblem.ts';
import { sharpness, zoomed } from './zoom.ts';

it('zooms in steps, and stays at the ends', () => {
  const up = [1, 1.25, 1.5, 2, 3, 4, 4];
  for (const [index, zoom] of up.slice(0, -1).entries()) expect(zoomed(zoom, 1)).toBe(up[index + 1]);
  expect([zoomed(1, -1), zoomed(0.5, -1)]).toEqual([0.8, 0.5]);
});

it('draws a page as sharp as the screen, up to what a canvas holds', () => {
  expect(sharpness({ widthPx: 800, heightPx: 1100, devicePixelRatio: 3 })).toBe(3);
  const ratio = sharpness({ widthPx: 4000, heightPx: 6000, devicePixelRatio: 2 });
  expect(4000 * 6000 * ratio * ratio).toBeCloseTo(16_777_216, 0);
});

it('knows an encrypted, a broken and an unreachable document by the exception of pdf.js', () => {
  const named = (name: string) => Object.assign(new Error('x'), { name });
  expect(['PasswordException', 'ResponseException', 'InvalidPDFException', 'UnknownErrorException'].map((name) => pdfProblemOf(named(name)))).toEqual(['encrypted', 'unreachable', 'broken', 'broken']);
});
