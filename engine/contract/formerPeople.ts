import { UserId } from './ids.ts';

/** Stands for every erased person, wherever a record has to name one. No account has this id. */
export const erasedUserId: UserId = UserId.parse('usr_00000000000000000000');

/** The name of an erased person in what stays: courses, lectures and the messages of their instructors. The pages translate it. */
export const formerInstructorName = 'Former instructor';

/** The name of any other erased person. The pages translate it. */
export const formerParticipantName = 'Former participant';
