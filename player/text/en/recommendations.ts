import { isolate } from '../isolate.ts';

/** What to watch next, and why. */
export const recommendations = {
  related: 'Watch next',
  forYou: 'Recommended',
  reasons: {
    next: (title: string) => `Next after “${isolate(title)}”`,
    tags: (tags: string) => `Same topic: ${isolate(tags)}`,
    words: (words: string) => `Also about: ${isolate(words)}`,
    watched: (title: string) => `Others who watched “${isolate(title)}” watched this too`,
    course: 'In the same course',
    new: 'New in your course',
  },
} as const;
