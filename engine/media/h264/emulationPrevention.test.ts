import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withEmulationPrevention, withoutEmulationPrevention } from './emulationPrevention.ts';

/** Mostly the bytes that matter. */
const payload = fc.array(fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.integer({ min: 0, max: 255 })), { maxLength: 60 });

it('hides every start code, and gives the same bytes back', () => {
  fc.assert(
    fc.property(payload, (values) => {
      const bytes = Uint8Array.from(values);
      const escaped = withEmulationPrevention(bytes);
      expect(Buffer.from(escaped).toString('hex')).not.toMatch(/^(..)*?00000[012]/);
      expect(withoutEmulationPrevention(escaped)).toEqual(bytes);
    }),
  );
});
