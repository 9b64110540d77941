'use strict';

/** Before all specs: what they share ends with this process, however it ends. */
module.exports = () => {
  process.env.YIKA_TEST_RUN = String(process.pid);
};
