import { registerHooks } from 'node:module';

// Lets a script import the typed modules of the tests, which name each other with the ending `.js`.
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (err) {
      if (err.code !== 'ERR_MODULE_NOT_FOUND' || !/^\.{1,2}\/.*\.js$/.test(specifier)) throw err;
      return next(specifier.replace(/\.js$/, '.ts'), context);
    }
  },
});
