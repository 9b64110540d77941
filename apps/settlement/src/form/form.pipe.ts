import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { formProblem } from '../problem/problem';
import { type FormClass, readForm } from './read-form';

/** Reads body, query and path into their form classes; every fault of the form is told at once. Throws: Problem 400. */
@Injectable()
export class FormPipe implements PipeTransform {
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if (type === 'custom' || !metatype || (metatype as unknown) === Object || metatype === String) return value;
    const result = readForm(metatype as FormClass<object>, value);
    if (!result.ok) throw formProblem(result.faults);
    return result.form;
  }
}
