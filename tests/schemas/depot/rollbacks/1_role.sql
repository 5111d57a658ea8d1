drop function depot.tenant_id();
drop domain depot.sku;
drop schema depot;
drop role depot_app;
drop extension btree_gist;
