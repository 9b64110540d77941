import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { readModelsContract } from '../read-models.contract';
import { ViewsUnderTest } from '../views-under-test.fixture';

readModelsContract('SQLite', new ViewsUnderTest((folder) => openSqliteEventStore({ folder })));
