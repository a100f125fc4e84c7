import { CodedError } from '../contract/index.ts';
import type { MediaPlane } from './ports.ts';

/** For a process that owns no lectures. */
export const noMediaPlane: MediaPlane = {
  isAvailable: false,
  workers: [],
  openRoom: () => Promise.reject(new CodedError('media.unavailable', 'This process has no media workers: its roles (LECTERN_ROLES) are without live.')),
  close: () => Promise.resolve(),
};
