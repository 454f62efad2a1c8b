import { BadRequest } from '../../domain/problem.js';

/** The product answers 500; the key, the role or the region of the API is at fault. */
export const LambdaNotReachable = (why: string) => BadRequest(`Error while retrieving the functions of the AWS account. ${why}`);
