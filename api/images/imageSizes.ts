import type { ImageKind, ImageSize } from '../contract/index.ts';

export interface PixelSize {
  widthPx: number;
  heightPx: number;
}

/** The stored sizes: twice the size in CSS pixels at which a page shows them, for dense screens. */
export const imageSizes = {
  // 24 to 48 px in lists and chat, 160 px on the profile.
  avatar: { small: { widthPx: 96, heightPx: 96 }, large: { widthPx: 384, heightPx: 384 } },
  // 320 px wide in a list, 640 px at the head of a course.
  cover: { small: { widthPx: 640, heightPx: 360 }, large: { widthPx: 1280, heightPx: 720 } },
} as const satisfies Record<ImageKind, Record<ImageSize, PixelSize>>;
