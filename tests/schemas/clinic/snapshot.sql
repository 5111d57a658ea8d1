-- schemaproof snapshot of PostgreSQL 17: made by `schemaproof snapshot`, not by hand.

--
-- Name: public; Type: SCHEMA; Schema: -; Owner: pg_database_owner
--

CREATE SCHEMA public;


ALTER SCHEMA public OWNER TO pg_database_owner;

--
-- Name: SCHEMA public; Type: COMMENT; Schema: -; Owner: pg_database_owner
--

COMMENT ON SCHEMA public IS 'standard public schema';


--
-- Name: current_clinic(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.current_clinic() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO ''
    RETURN (NULLIF((auth.jwt() ->> 'clinic'::text), ''::text))::uuid;


ALTER FUNCTION public.current_clinic() OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: clinics; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.clinics (
    clinic_id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL
);

ALTER TABLE ONLY public.clinics FORCE ROW LEVEL SECURITY;


ALTER TABLE public.clinics OWNER TO postgres;

--
-- Name: patients; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.patients (
    clinic_id uuid NOT NULL,
    patient_id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    born_on date,
    seen_at timestamp with time zone
);

ALTER TABLE ONLY public.patients FORCE ROW LEVEL SECURITY;


ALTER TABLE public.patients OWNER TO postgres;

--
-- Name: COLUMN patients.seen_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.patients.seen_at IS 'time of the last visit';


--
-- Name: visits; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.visits (
    clinic_id uuid NOT NULL,
    visit_id uuid DEFAULT gen_random_uuid() NOT NULL,
    patient_id uuid NOT NULL,
    notes text
);

ALTER TABLE ONLY public.visits FORCE ROW LEVEL SECURITY;


ALTER TABLE public.visits OWNER TO postgres;

--
-- Name: clinics clinics_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.clinics
    ADD CONSTRAINT clinics_pkey PRIMARY KEY (clinic_id);


--
-- Name: patients patients_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.patients
    ADD CONSTRAINT patients_pkey PRIMARY KEY (clinic_id, patient_id);


--
-- Name: visits visits_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_pkey PRIMARY KEY (clinic_id, visit_id);


--
-- Name: visits_patient_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX visits_patient_id_idx ON public.visits USING btree (clinic_id, patient_id);


--
-- Name: patients patients_clinic_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.patients
    ADD CONSTRAINT patients_clinic_id_fkey FOREIGN KEY (clinic_id) REFERENCES public.clinics(clinic_id) ON DELETE CASCADE;


--
-- Name: visits visits_patient_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_patient_fkey FOREIGN KEY (clinic_id, patient_id) REFERENCES public.patients(clinic_id, patient_id) ON DELETE CASCADE;


--
-- Name: clinics; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.clinics ENABLE ROW LEVEL SECURITY;

--
-- Name: patients delete_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY delete_member ON public.patients FOR DELETE TO authenticated USING ((clinic_id = ( SELECT public.current_clinic() AS current_clinic)));


--
-- Name: patients insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.patients FOR INSERT TO authenticated WITH CHECK ((clinic_id = ( SELECT public.current_clinic() AS current_clinic)));


--
-- Name: visits insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.visits FOR INSERT TO authenticated WITH CHECK ((clinic_id = ( SELECT public.current_clinic() AS current_clinic)));


--
-- Name: patients; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.patients ENABLE ROW LEVEL SECURITY;

--
-- Name: clinics select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.clinics FOR SELECT TO authenticated USING ((clinic_id = ( SELECT public.current_clinic() AS current_clinic)));


--
-- Name: patients select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.patients FOR SELECT TO authenticated USING ((clinic_id = ( SELECT public.current_clinic() AS current_clinic)));


--
-- Name: visits select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.visits FOR SELECT TO authenticated USING ((clinic_id = ( SELECT public.current_clinic() AS current_clinic)));


--
-- Name: patients update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.patients FOR UPDATE TO authenticated USING ((clinic_id = ( SELECT public.current_clinic() AS current_clinic)));


--
-- Name: visits update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.visits FOR UPDATE TO authenticated USING ((clinic_id = ( SELECT public.current_clinic() AS current_clinic)));


--
-- Name: visits; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.visits ENABLE ROW LEVEL SECURITY;

--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
--

GRANT USAGE ON SCHEMA public TO postgres;
GRANT USAGE ON SCHEMA public TO anon;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT USAGE ON SCHEMA public TO service_role;


--
-- Name: FUNCTION current_clinic(); Type: ACL; Schema: public; Owner: postgres
--

GRANT ALL ON FUNCTION public.current_clinic() TO anon;
GRANT ALL ON FUNCTION public.current_clinic() TO authenticated;
GRANT ALL ON FUNCTION public.current_clinic() TO service_role;


--
-- Name: TABLE clinics; Type: ACL; Schema: public; Owner: postgres
--

GRANT ALL ON TABLE public.clinics TO service_role;
GRANT SELECT ON TABLE public.clinics TO authenticated;


--
-- Name: TABLE patients; Type: ACL; Schema: public; Owner: postgres
--

GRANT ALL ON TABLE public.patients TO service_role;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.patients TO authenticated;


--
-- Name: TABLE visits; Type: ACL; Schema: public; Owner: postgres
--

GRANT ALL ON TABLE public.visits TO service_role;
GRANT SELECT,INSERT ON TABLE public.visits TO authenticated;


--
-- Name: COLUMN visits.notes; Type: ACL; Schema: public; Owner: postgres
--

GRANT UPDATE(notes) ON TABLE public.visits TO authenticated;


--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON SEQUENCES TO postgres;


--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
--

ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO postgres;


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON FUNCTIONS TO postgres;


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
--

ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO postgres;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON TABLES TO postgres;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
--

ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO postgres;
