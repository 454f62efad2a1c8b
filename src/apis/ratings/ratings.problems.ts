import { BadRequest, Forbidden } from '../../domain/problem.js';

export const RatingOutOfRange = () => BadRequest('A rating is a whole number from 1 to 5.');
export const RatingsSwitchedOff = () => Forbidden('Ratings are switched off in this developer portal (apim.devportal.enable_ratings).');
