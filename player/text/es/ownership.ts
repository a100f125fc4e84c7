import { isolate } from '../isolate.ts';
import type { Text } from '../Text.ts';

export const ownership: Text['ownership'] = {
  title: 'Ceder el curso',
  hint: 'El curso pasa a otra persona que da clase y tú quedas como asistente.',
  offer: 'Ofrecer el curso',
  offerTitle: (course: string) => `¿Ofrecer ${isolate(course)} a otra persona?`,
  message: 'La persona tiene dos semanas para aceptar. Después quedas como asistente del curso y su clave de emisión deja de funcionar.',
  newOwner: 'Nueva persona a cargo',
  nobody: 'Solo se puede elegir a asistentes. Haz antes asistente a la persona en Personas.',
  offered: 'El curso se ha ofrecido.',
  pending: (name: string, until: string) => `Ofrecido a ${isolate(name)} hasta el ${until}.`,
  withdraw: 'Retirar la oferta',
  withdrawn: 'La oferta se ha retirado.',
  forYou: (owner: string, until: string) => `${isolate(owner)} te ofrece este curso. Puedes aceptar hasta el ${until}.`,
  accept: 'Aceptar el curso',
  accepted: 'El curso es tuyo.',
  decline: 'Rechazar',
  declined: 'Has rechazado el curso.',
};
