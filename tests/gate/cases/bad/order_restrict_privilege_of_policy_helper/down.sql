grant execute on function private.current_tenant() to authenticated;
