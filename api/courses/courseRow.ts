import { CourseId } from '#engine/contract';
import type { CourseCondition, CourseState } from '#engine/contract';
import type { ClipsBy, EnrolmentPolicy, Term } from '../contract/index.ts';

/** What an owner sets, and a copy of the course takes over. */
export interface CourseSettings {
  title: string;
  /** Markdown. */
  description: string;
  categoryId: string | null;
  tags: string[];
  timeZone: string;
  language: string | null;
  term: Term | null;
  clipsBy: ClipsBy;
}

/** `listed`: anyone finds it in the catalogue and can enrol. `unlisted`: published, for those who have its code or are in it. */
export type Listing = 'listed' | 'unlisted' | 'draft' | 'archived' | 'deleted';

export interface CourseRow extends CourseSettings {
  _id: string;
  ownerId: string;
  enrolmentPolicy: EnrolmentPolicy;
  enrolmentCode: string;
  createdAt: string;
  state: CourseState;
  /** Raised by every change. */
  version: number;
  updatedAt: string;
  /** When it was moved to the trash; null for a course that is not there. */
  deletedAt: string | null;
  deletedBy: string | null;
  /** Its cover image. */
  coverId: string | null;
  /** Follows from the state and the policy, for the indexes of the lists. */
  listing: Listing;
  /** The title as lists order it. */
  titleKey: string;
}

/** The fields that follow from others. */
export type DerivedField = 'listing' | 'titleKey';
export type CourseChange = Partial<Omit<CourseRow, '_id' | 'version' | DerivedField>>;

/** A course as it is stored, also by versions that knew fewer fields. */
export type StoredCourse = Pick<CourseRow, '_id' | 'title' | 'description' | 'ownerId' | 'enrolmentPolicy' | 'enrolmentCode' | 'createdAt'> & Partial<CourseRow>;

/** Characters of `titleKey`: titles that begin with that many equal ones are in no particular order. */
const titleKeyLength = 200;

/** The version of a course that was stored before versions were counted. */
export const firstVersion = 1;

/** A stored course with all fields. One of an older version is published. */
export function courseRow(stored: StoredCourse): CourseRow {
  const row = {
    state: 'published' as const,
    version: firstVersion,
    updatedAt: stored.createdAt,
    deletedAt: null,
    deletedBy: null,
    coverId: null,
    categoryId: null,
    tags: [],
    timeZone: 'UTC',
    language: null,
    term: null,
    clipsBy: 'assistants' as const,
    ...stored,
  };
  return { ...row, ...derivedFields(row) };
}

export function derivedFields(row: Pick<CourseRow, 'title' | 'state' | 'deletedAt' | 'enrolmentPolicy'>): Pick<CourseRow, DerivedField> {
  return { listing: listingOf(row), titleKey: sortKey(row.title) };
}

function listingOf({ state, deletedAt, enrolmentPolicy }: Pick<CourseRow, 'state' | 'deletedAt' | 'enrolmentPolicy'>): Listing {
  if (deletedAt !== null) return 'deleted';
  if (state !== 'published') return state;
  return enrolmentPolicy === 'open' || enrolmentPolicy === 'request' ? 'listed' : 'unlisted';
}

/** Letters without accents and case, so that Éclair is beside eclair; digits by their value, so that 2 comes before 10. */
function sortKey(title: string): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const numbered = plain.replace(/\d{1,9}/g, (digits) => digits.padStart(9, '0'));
  return numbered.slice(0, titleKeyLength).toWellFormed();
}

export function conditionOf({ state, deletedAt }: Pick<CourseRow, 'state' | 'deletedAt'>): CourseCondition {
  return deletedAt === null ? state : 'deleted';
}

export function courseIdOf(row: Pick<CourseRow, '_id'>): CourseId {
  return CourseId.parse(row._id);
}
