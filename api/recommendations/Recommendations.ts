import type { AccessPolicy } from '#engine';
import { CourseId, VideoId } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import type { Caller } from '../access/index.ts';
import type { ProgressMark, ProgressStore } from '../content/ProgressStore.ts';
import type { CatalogVideo, VideoCatalog } from '../content/VideoCatalog.ts';
import { maxRecommendations } from '../contract/index.ts';
import type { RecommendationReason } from '../contract/index.ts';
import type { CourseRow } from '../courses/CourseStore.ts';
import { aroundInCourse } from './aroundInCourse.ts';
import type { CandidateVideos } from './CandidateVideos.ts';
import type { CoWatched } from './CoWatched.ts';
import { maxCandidates, maxSeeds } from './limits.ts';
import { rankCandidates } from './rankCandidates.ts';
import type { Candidate } from './rankCandidates.ts';
import { relatedTo } from './relatedTo.ts';

export interface RecommendationsOptions {
  candidates: CandidateVideos;
  coWatched: CoWatched;
  videoCatalog: Pick<VideoCatalog, 'get' | 'getMany' | 'ofCourse'>;
  progress: Pick<ProgressStore, 'findMany' | 'lately'>;
  courses: { ofUser(caller: Pick<Caller, 'userId' | 'roles'>): Promise<{ course: CourseRow; role: CourseRole }[]> };
  policy: Pick<AccessPolicy, 'watchable'>;
}

export interface RecommendedVideo {
  video: CatalogVideo;
  courseTitle: string;
  reason: RecommendationReason;
}

type Person = Pick<Caller, 'userId' | 'roles'>;

/** What a person may watch next: after a video, and on the home page. */
export class Recommendations {
  readonly #options: RecommendationsOptions;

  constructor(options: RecommendationsOptions) {
    this.#options = options;
  }

  /** The next video of the course that the person has not finished, then related ones; those watched to the end come last. @throws CodedError `video.notFound` */
  async related(person: Person, videoId: VideoId): Promise<RecommendedVideo[]> {
    const [seed, titles] = await Promise.all([this.#options.videoCatalog.get(videoId), this.#courseTitles(person)]);
    const course = (await this.#options.videoCatalog.ofCourse(seed.courseId)).filter(isShown);
    const { after } = aroundInCourse([...course.filter(({ id }) => id !== seed.id), seed], seed.id);
    const marks = await this.#options.progress.findMany(person.userId, after.map(({ id }) => id));
    const ranked = rankCandidates(await this.#candidates(seed, { course, courseIds: [...titles.keys()] }));
    const next = after.find(({ id }) => marks.get(id)?.isFinished !== true);
    const others = finishedLast(ranked, await this.#marksOf(person, ranked));
    return this.#shown(person, { candidates: [...nextOf(next, seed), ...others], titles });
  }

  /** What follows on the videos that the person watched last, what is related to them, and what is new. Nothing that was started. */
  async ofHome(person: Person): Promise<RecommendedVideo[]> {
    const { progress, candidates, videoCatalog, policy } = this.#options;
    const [lately, titles] = await Promise.all([progress.lately(person.userId, maxSeeds), this.#courseTitles(person)]);
    const courseIds = [...titles.keys()];
    const known = new Map((await policy.watchable(person.userId, await videoCatalog.getMany(lately.map(({ videoId }) => VideoId.parse(videoId))))).filter(isShown).map((video) => [video.id, video]));
    const following: Candidate[] = [];
    const related: Candidate[] = [];
    for (const [index, { videoId, isFinished }] of lately.entries()) {
      const seed = known.get(VideoId.parse(videoId));
      if (!seed) continue;
      const course = (await videoCatalog.ofCourse(seed.courseId)).filter(isShown);
      if (isFinished) following.push(...nextOf(aroundInCourse(course, seed.id).after[0], seed));
      for (const one of await this.#candidates(seed, { course, courseIds })) related.push({ ...one, score: one.score / (index + 1) });
    }
    const fresh = (await candidates.newest(courseIds, maxCandidates)).map(({ id }) => ({ videoId: id, score: 0, reason: { kind: 'new' as const } }));
    const all = [...following, ...rankCandidates(related), ...fresh];
    const marks = await this.#marksOf(person, all);
    return this.#shown(person, { candidates: all.filter(({ videoId }) => !marks.has(videoId)), titles });
  }

  async #candidates(seed: CatalogVideo, { course, courseIds }: { course: readonly CatalogVideo[]; courseIds: readonly CourseId[] }): Promise<Candidate[]> {
    const { candidates, coWatched } = this.#options;
    const [tagged, watched] = await Promise.all([candidates.tagged(courseIds, seed.tags), coWatched.with(seed)]);
    return relatedTo(seed, { course, tagged, watched });
  }

  async #courseTitles(person: Person): Promise<Map<CourseId, string>> {
    return new Map((await this.#options.courses.ofUser(person)).map(({ course }) => [CourseId.parse(course._id), course.title]));
  }

  #marksOf({ userId }: Person, candidates: readonly Candidate[]): Promise<Map<string, ProgressMark>> {
    return this.#options.progress.findMany(userId, [...new Set(candidates.map(({ videoId }) => VideoId.parse(videoId)))]);
  }

  /** The first ones that the person may watch, each once. */
  async #shown({ userId }: Person, { candidates, titles }: { candidates: readonly Candidate[]; titles: ReadonlyMap<CourseId, string> }): Promise<RecommendedVideo[]> {
    const { videoCatalog, policy } = this.#options;
    const once = firstOfEach(candidates).slice(0, maxCandidates);
    const found = (await videoCatalog.getMany(once.map(({ videoId }) => VideoId.parse(videoId)))).filter(isShown);
    const allowed = new Map((await policy.watchable(userId, found)).map((video) => [video.id as string, video]));
    return once
      .flatMap(({ videoId, reason }) => {
        const video = allowed.get(videoId);
        const courseTitle = video && titles.get(video.courseId);
        return video && courseTitle !== undefined ? [{ video, courseTitle, reason }] : [];
      })
      .slice(0, maxRecommendations);
  }
}

/** Also for those who manage videos, nothing that is deleted or not open yet is recommended. */
function isShown({ state, hidden }: CatalogVideo): boolean {
  return state === 'ready' && hidden === null;
}

function firstOfEach(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ videoId }) => !seen.has(videoId) && seen.add(videoId));
}

function nextOf(next: CatalogVideo | undefined, { title }: CatalogVideo): Candidate[] {
  return next ? [{ videoId: next.id, score: 0, reason: { kind: 'next', afterTitle: title } }] : [];
}

function finishedLast(candidates: readonly Candidate[], marks: ReadonlyMap<string, ProgressMark>): Candidate[] {
  const isFinished = ({ videoId }: Candidate) => marks.get(videoId)?.isFinished === true;
  return [...candidates.filter((one) => !isFinished(one)), ...candidates.filter(isFinished)];
}
