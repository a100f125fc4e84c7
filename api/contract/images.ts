import * as z from 'zod';
import { ImageId } from '#engine/contract';
import { maxImageBytes } from './limits.ts';
import { Download, route } from './route.ts';

/**
 * What images are for. `avatar`: a person, square. `cover`: a course, 16:9. Larger images are cropped around their centre.
 */
export type ImageKind = 'avatar' | 'cover';

/** The stored sizes: `small` for lists, `large` for the page of the person or course. */
export const ImageSize = z.enum(['small', 'large']);
export type ImageSize = z.infer<typeof ImageSize>;

/** The formats that are accepted, by their content; the first image of an animation is taken. */
export const imageTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'] as const;

/** The body of a route that takes an image. */
export const imageUpload = { mediaTypes: imageTypes, maxBytes: maxImageBytes } as const;

/** The address of an image. Its content never changes. */
export function imagePath(imageId: ImageId, size: ImageSize): string {
  return `/api/v1/images/${imageId}/${size}`;
}

export const imageRoutes = {
  getImage: route({
    method: 'GET',
    path: '/api/v1/images/:imageId/:size',
    params: z.object({ imageId: ImageId, size: ImageSize }),
    response: Download,
    download: { mediaTypes: ['image/webp'] },
    auth: 'none',
    summary: 'Get the image of a person or a course. It never changes; a new image has a new id, which only people who see it learn.',
  }),
};
