import type { RouteName } from '../contract/index.ts';

/**
 * The route that reads what a route changes, where two people may edit the same thing. Its response has an `ETag`, and the change
 * takes `If-Match`.
 */
export const editedThings: Partial<Record<RouteName, RouteName>> = {
  updateCourse: 'getCourse',
  updateLecture: 'getLecture',
  updateVideo: 'getVideo',
  updateAdmission: 'getAdmission',
  updateAnnouncement: 'getAnnouncement',
  updateSettings: 'getSettings',
  setStorageClasses: 'getStorageClasses',
  setRetention: 'getRetention',
  updateDiscussion: 'getDiscussion',
  setEdits: 'getEdits',
  setChapters: 'getChapters',
  updateQuiz: 'getQuiz',
  updateMaterial: 'getMaterial',
  updateCaptions: 'getCaptions',
};

/** Changes of what belongs to one person, who does not edit it at two places. */
export const ownThings: ReadonlySet<RouteName> = new Set<RouteName>(['saveProgress', 'changeEmail', 'saveAnswer', 'updateComment', 'rateVideo']);
