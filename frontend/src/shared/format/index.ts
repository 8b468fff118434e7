/** Numbers, money and times: reading, reckoning and showing. */
export * from './csv';
export * from './decimal';
export * from './show';
export * from './typed';
