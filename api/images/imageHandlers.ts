import type { Handlers } from '../access/index.ts';
import type { imageRoutes } from '../contract/index.ts';
import type { Images } from './Images.ts';

export function imageHandlers(images: Images): Handlers<keyof typeof imageRoutes> {
  return {
    getImage: ({ params: { imageId, size } }) => images.open(imageId, size),
  };
}
