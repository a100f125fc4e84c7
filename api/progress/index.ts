export { AttendanceStore } from './AttendanceStore.ts';
export { attendanceSummer, attendanceSweeper, repeatAttendanceSweep, sumWhenEnded } from './attendanceJobs.ts';
export { CourseProgress } from './CourseProgress.ts';
export { progressHandlers } from './progressHandlers.ts';
export { WatchedStore } from './WatchedStore.ts';
