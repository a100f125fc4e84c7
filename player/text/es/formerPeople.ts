import { formerInstructorName, formerParticipantName } from '#engine/contract';

export const formerInstructor = 'Antiguo profesor';
export const formerParticipant = 'Antiguo participante';

const names: Readonly<Record<string, string>> = { [formerInstructorName]: formerInstructor, [formerParticipantName]: formerParticipant };

/** A name in a sentence: that of an erased person is in Spanish. */
export const nameInSpanish = (name: string): string => names[name] ?? name;
