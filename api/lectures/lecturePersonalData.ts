import { PersonalLectures } from '#engine';
import type { OpenPersonalSource } from '../personal/PersonalSource.ts';

/** The lectures that the person has planned or started. They stay. */
export const lecturePersonalData: OpenPersonalSource = (context) => {
  const lectures = new PersonalLectures(context);
  return { name: 'lectures', collections: ['lectures'], rows: ({ userId }) => lectures.lectures(userId), erase: ({ userId }) => lectures.eraseCreator(userId) };
};

/** What the person did in lectures: messages, joins, raised hands. The messages stay, without their author. */
export const eventPersonalData: OpenPersonalSource = (context) => {
  const lectures = new PersonalLectures(context);
  return { name: 'lecture-events', collections: ['lectureEvents'], rows: ({ userId }) => lectures.events(userId), erase: (person) => lectures.eraseEvents(person) };
};
