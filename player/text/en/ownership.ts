import { isolate } from '../isolate.ts';

/** How a course gets another owner. */
export const ownership = {
  title: 'Transfer the course',
  hint: 'Another instructor becomes the owner, and you become an assistant.',
  offer: 'Offer course',
  offerTitle: (course: string) => `Offer ${isolate(course)} to another instructor?`,
  message: 'The person has two weeks to accept. You then become an assistant of the course, and its stream key stops working.',
  newOwner: 'New owner',
  nobody: 'Only assistants can be chosen. Make the person an assistant under People first.',
  offered: 'The course was offered.',
  pending: (name: string, until: string) => `Offered to ${isolate(name)} until ${until}.`,
  withdraw: 'Withdraw offer',
  withdrawn: 'The offer was withdrawn.',
  forYou: (owner: string, until: string) => `${isolate(owner)} offers you this course. You can accept until ${until}.`,
  accept: 'Accept course',
  accepted: 'The course is yours.',
  decline: 'Decline',
  declined: 'You declined the course.',
} as const;
