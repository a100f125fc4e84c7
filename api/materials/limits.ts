import type { CourseRole } from '#engine/contract';
import { maxMaterialBytes } from '../contract/index.ts';

/** Bytes of one file, by the role of the person who sends it. Students send none. */
export const materialBytesOfRole: Readonly<Record<CourseRole, number>> = { owner: maxMaterialBytes, assistant: maxMaterialBytes / 2, student: 0 };

/** Seconds for which the address of a file works: long enough for a slow network to begin, too short to be passed on. */
export const materialUrlSeconds = 300;
