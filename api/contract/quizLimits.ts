/** Questions of one quiz: an exam of two hours. All of them are saved at once. */
export const maxQuizQuestions = 60;

/** Characters of the text of a question: half a printed page. */
export const maxPromptLength = 2000;

/** Characters of the explanation of an answer, and of a comment on one. */
export const maxExplanationLength = 1000;

/** Options of a question, or things to order. More do not fit on a phone. */
export const maxQuestionOptions = 12;

/** Characters of an option: two lines. */
export const maxOptionLength = 300;

/** Accepted answers of a short text. */
export const maxAcceptedAnswers = 20;

/** Characters of an answer in words: a paragraph. */
export const maxAnswerLength = 1000;

/** Characters of a unit: `kg·m/s²` has seven. */
export const maxUnitLength = 20;

/** Points of one question. */
export const maxQuestionPoints = 100;

/** Attempts that a quiz may allow; null allows any number. */
export const maxQuizAttempts = 20;

/** Minutes of an attempt: ten hours. */
export const maxTimeLimitMinutes = 600;

/** Quizzes of one course: more than one a week for two years. */
export const maxQuizzesOfCourse = 150;

/** Places in one video that ask something. */
export const maxMomentsOfVideo = 60;

/** People in a page of results, by default and at most. */
export const resultPageSize = 100;
export const maxResultPageSize = 200;
