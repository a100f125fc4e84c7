import { formerInstructorName, formerParticipantName } from '#engine/contract';
import { text } from './index.ts';

/** The name of a person, or what stands for the name of one who was erased. */
export function shownName(name: string): string {
  if (name === formerInstructorName) return text.personal.formerInstructor;
  return name === formerParticipantName ? text.personal.formerParticipant : name;
}
