import { isolate } from '../isolate.ts';

export const recommendations = {
  related: 'Para ver después',
  forYou: 'Recomendado',
  reasons: {
    next: (title: string) => `Sigue a «${isolate(title)}»`,
    tags: (tags: string) => `Mismo tema: ${isolate(tags)}`,
    words: (words: string) => `También trata de: ${isolate(words)}`,
    watched: (title: string) => `Quienes vieron «${isolate(title)}» también vieron este`,
    course: 'Del mismo curso',
    new: 'Nuevo en tu curso',
  },
} as const;
