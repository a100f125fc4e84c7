import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withEmulationPrevention, withoutEmulationPrevention } from './emulationPrevention.ts';

/** Mostly bytes from 0 to 4, around the limit of 3. */
const payload = fc.array(fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.integer({ min: 0, max: 255 })), { maxLength: 60 });

it('emulation prevention removes every start code and is reversible', () => {
  fc.assert(
    fc.property(payload, (values) => {
      const bytes = Uint8Array.from(values);
      const escaped = withEmulationPrevention(bytes);
      expect(Buffer.from(escaped).toString('hex')).not.toMatch(/^(..)*?00000[012]/);
      expect(withoutEmulationPrevention(escaped)).toEqual(bytes);
    }),
  );
});
