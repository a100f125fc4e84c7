import { expect, it } from 'vitest';
import { permissionTarget } from './permissionTarget.ts';

it('is what the path names, whatever the body contains', () => {
  expect(permissionTarget({ courseId: 'crs_path' }, { courseId: 'crs_body', lectureId: 'lec_body', videoId: 'vid_body' })).toEqual({ courseId: 'crs_path' });
  expect(permissionTarget({ lectureId: 'lec_path' }, { videoId: 'vid_body' })).toEqual({ lectureId: 'lec_path' });
});

it('is what the body names if the path names nothing', () => {
  expect(permissionTarget(undefined, { lectureId: 'lec_body', title: 'Optics' })).toEqual({ lectureId: 'lec_body' });
  expect(permissionTarget({ loginId: 'lgn_path' }, { courseId: 'crs_body' })).toEqual({ courseId: 'crs_body' });
});

it('is nothing if neither names anything', () => {
  expect(permissionTarget(undefined, undefined)).toEqual({});
  expect(permissionTarget({ userId: 'usr_path' }, 'text')).toEqual({});
});
