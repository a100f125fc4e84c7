import * as z from 'zod';

/** The first line of what the program of conversions writes: the lengths of the images that follow, or why there are none. */
export const Conversion = z.union([
  z.object({ bytes: z.array(z.number().int().positive()) }),
  z.object({ refusal: z.enum(['unsupported', 'tooManyPixels', 'damaged']) }),
]);
export type Conversion = z.infer<typeof Conversion>;
